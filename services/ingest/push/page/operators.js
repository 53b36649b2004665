// Sends an operator's decisions to the door that this page came from. The key lives in one variable:
// no cookie, no store of the browser, so no other page can have it sent.
'use strict';

(() => {
  const $ = (id) => document.getElementById(id);
  const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
  const ANSWER_MS = 15000;
  let key = '';

  function say(text) {
    $('said').textContent = text;
  }

  async function ask(path, body) {
    const asked = { headers: { Authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(ANSWER_MS) };
    if (body) {
      asked.method = 'POST';
      asked.headers['Content-Type'] = 'application/json';
      asked.body = JSON.stringify(body);
    }
    try {
      const answer = await fetch(path, { ...asked, credentials: 'omit', cache: 'no-store' });
      const said = await answer.json();
      return answer.ok ? said : { refused: said.detail || answer.statusText };
    } catch {
      return { refused: 'The door does not answer. Whether it took the decision is not known; sending it again is harmless.' };
    }
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function letter(one) {
    const item = element('li', '');
    item.append(
      element('strong', `${one.consumer} ${one.seq} `),
      element('span', `${one.event_type}, ${one.reason}${one.is_retried ? ', to be retried' : ''} `),
    );
    const choose = element('button', 'Choose');
    choose.type = 'button';
    choose.addEventListener('click', () => {
      $('consumer').value = one.consumer;
      $('subject').value = one.subject;
      $('letter-reason').focus();
    });
    item.append(choose, element('div', one.subject), element('div', one.error));
    return item;
  }

  function row(one) {
    const made = element('tr', '');
    made.append(...[one.at, one.source || '–', one.reason, one.times, one.where, one.expected]
      .map((text) => element('td', text)));
    return made;
  }

  async function look() {
    const found = await ask('/v1/desk');
    if (found.refused) {
      say(found.refused);
      return false;
    }
    $('letter-list').replaceChildren(...found.dead_letters.map(letter));
    $('no-letters').hidden = found.dead_letters.length > 0;
    $('rejects').tBodies[0].replaceChildren(...found.rejects.map(row));
    $('rejects').hidden = found.rejects.length === 0;
    $('no-rejects').hidden = found.rejects.length > 0;
    return true;
  }

  function forget() {
    key = '';
    $('key').value = '';
    $('letter-list').replaceChildren();
    $('rejects').tBodies[0].replaceChildren();
    $('desk').hidden = true;
    $('enter').hidden = false;
  }

  async function decide(body) {
    const who = $('who').value.trim();
    const said = await ask('/v1/decisions', who ? { ...body, who } : body);
    if (said.refused) return say(said.refused);
    await look();
    return say(`${body.decision}: ${said.outcome}, event ${said.seq} of ${said.subject}`);
  }

  $('enter').addEventListener('submit', async (event) => {
    event.preventDefault();
    key = $('key').value.trim();
    $('key').value = '';
    say('');
    if (!/^nw_[0-9a-f]{12}_[\w-]{43}$/.test(key)) {
      key = '';
      return say('Expected a key as `newswire keys add NAME --admin` prints it: nw_, an id, a secret.');
    }
    if (!await look()) {
      key = '';
      return undefined;
    }
    $('enter').hidden = true;
    $('desk').hidden = false;
    return undefined;
  });

  $('article').addEventListener('submit', (event) => {
    event.preventDefault();
    const decision = event.submitter ? event.submitter.value : 'hold';
    const id = ID.exec($('article-id').value);
    if (!id) return say('Expected the id of an article, or the address of its page.');
    if (decision === 'withdraw' && !$('sure').checked) {
      return say('A withdrawal is for good. Tick the box if you mean it; else hold the article.');
    }
    $('sure').checked = false;
    return decide({ decision, article_id: id[0].toLowerCase(), reason: $('article-reason').value });
  });

  $('letters').addEventListener('submit', (event) => {
    event.preventDefault();
    decide({
      decision: event.submitter ? event.submitter.value : 'retry',
      consumer: $('consumer').value, subject: $('subject').value, reason: $('letter-reason').value,
    });
  });

  $('again').addEventListener('click', async () => {
    if (await look()) say('');
  });
  $('leave').addEventListener('click', () => {
    forget();
    say('The key is forgotten.');
  });
  window.addEventListener('pagehide', forget); // nor is it in a page that the browser keeps for going back
  $('still').hidden = true;
  $('enter').hidden = false;
})();
