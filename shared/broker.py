"""FastStream on our streams: the only module that knows how.

FastStream's own reading of Redis streams is at most once (it moves on before the handler runs),
swallows what a handler raises, waits five seconds after a lost connection, and spins on an error
answer. So its batch subscriber keeps its handlers, middlewares and documents, and gets two methods
replaced: ``_consume`` follows the log from the consumer's checkpoint, ``consume`` swallows nothing.
The methods are private: faststream is pinned, and tests/contract/test_broker.py notices a change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, cast

from faststream import FastStream
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import (
    FAKE_CONSUMER,
    BatchStreamMessage,
    RedisBatchStreamMessage,
)
from faststream.redis.subscriber.usecases import StreamBatchSubscriber
from faststream.specification import AsyncAPI
from structlog.stdlib import BoundLogger

from shared import clock, health
from shared.consumer import PAUSE_S_MAX, Consumer, Following
from shared.errors import NewswireError, Unavailable, UnsafeLog
from shared.log import Entry
from shared.redis_log import RedisLog
from shared.reporting import Reporter
from shared.settings import Settings
from shared.streams import Keys

REPORT_S: Final = 1.0
"""Between two health reports."""
REPORT_UNREADY_S: Final = 0.2
"""Until all is well: whoever waits for a start should not wait for the next full second."""
_QUIET: Final = logging.getLogger("newswire.faststream")
"""Warnings and up: a line per batch received and processed tells nobody anything."""
STOP_S_MAX: Final = 2.0
"""A batch in hand may take so long to finish when the worker is asked to stop."""


async def work(
    service: str, consumers: Sequence[Consumer], log: RedisLog, settings: Settings,
    logger: BoundLogger,
) -> int:  # fmt: skip
    """Run a worker until it is told to stop; the exit code: 0 asked to, 1 a consumer failed.

    Waits for Redis, refuses an unsafe one, then follows each consumer's stream from its checkpoint.
    """
    followings = [Following(consumer, log) for consumer in consumers]
    worker = Worker(service, followings, log, settings, logger)
    try:
        await worker.wait_for_log()
    except UnsafeLog as error:
        await worker.refuse(error)
        return 1
    await worker.run()
    return 1 if worker.failures else 0


class Worker:
    """A FastStream application around some consumers; it ends when one of them fails."""

    def __init__(
        self, service: str, followings: Sequence[Following], log: RedisLog, settings: Settings,
        logger: BoundLogger,
    ) -> None:  # fmt: skip
        self.failures: list[Exception] = []
        self._log, self._settings, self._logger = log, settings, logger
        self._reporter = Reporter(service, settings)
        self._followings = followings
        for following in followings:
            following.recheck = self._check_durability
        self._progress = {following.consumer.name: health.Progress() for following in followings}
        self._broker = RedisBroker(
            settings.redis_url, apply_types=False, logger=_QUIET, graceful_timeout=STOP_S_MAX
        )
        self._app = FastStream(
            self._broker,
            logger=None,
            specification=AsyncAPI(title="Newswire", version="1", description=service),
        )
        for following in followings:
            self._subscribe(following)

    async def wait_for_log(self) -> None:
        """Return when Redis answers and is safe; report not ready until then.

        Raises:
            UnsafeLog: it answers and is not.
        """
        while True:
            try:
                await self._check_durability()
            except Unavailable as error:
                self._reporter.say(is_ready=False, detail=str(error))
                self._logger.warning("waiting_for_redis", error=str(error))
                await asyncio.sleep(PAUSE_S_MAX)
            else:
                return

    async def _check_durability(self) -> None:
        await self._log.check_durability(self._settings.durability)

    async def refuse(self, error: UnsafeLog) -> None:
        """Say why the worker does not start."""
        self._reporter.say(is_ready=False, detail=str(error))
        self._logger.error("stopped", error=str(error))
        await self._log.close()

    async def run(self) -> None:
        """Run until SIGTERM, SIGINT or a failure."""
        reports = asyncio.create_task(self._report_for_ever())
        kept = asyncio.create_task(self._reporter.keep(self._logger))
        try:
            await self._app.run()
        finally:
            reports.cancel()
            kept.cancel()
            self._reporter.say(is_ready=False, detail="stopped")
            await self._reporter.close()
            await self._log.close()

    def _subscribe(self, following: Following) -> None:
        stream = StreamSub(
            Keys(self._settings.desk).stream(following.consumer.stream), batch=True, last_id="0-0"
        )
        subscriber = self._broker.subscriber(
            stream=stream, parser=_parse, decoder=_decode, include_in_schema=False
        )
        # FastStream builds its subscribers itself, so the class of a built one is changed.
        subscriber.__class__ = _ordered(following, stream.name, self._failed)

        async def on_batch(batch: list[Entry]) -> None:
            began_s = clock.monotonic_s()
            following.checkpoint = await following.consumer.handle(batch)
            self._count(following.consumer.name, len(batch), clock.monotonic_s() - began_s)

        subscriber(on_batch)

    def _count(self, consumer: str, events: int, seconds: float) -> None:
        counts = self._reporter.counts
        counts.add("handled_batches", consumer)
        counts.add("handled_events", consumer, events)
        counts.add("handling_seconds", consumer, seconds)

    def _failed(self, following: Following, error: Exception) -> None:
        self.failures.append(error)
        what = "stopped" if isinstance(error, NewswireError) else "failed"
        self._logger.error(what, consumer=following.consumer.name, error=str(error), exc_info=error)
        self._app.exit()

    async def _report_for_ever(self) -> None:
        while True:
            is_ready = await self._report_progress()
            await asyncio.sleep(REPORT_S if is_ready else REPORT_UNREADY_S)

    async def _report_progress(self) -> bool:
        said = []
        is_ready = True
        for following in self._followings:
            name, detail = following.consumer.name, following.fault
            seq = following.checkpoint.seq if following.checkpoint else 0
            try:
                head = (await self._log.head(following.consumer.stream)).seq
            except NewswireError as error:
                head, detail = 0, str(error)
            moves = self._progress[name].is_ready(seq, head, clock.monotonic_s())
            is_ready = is_ready and detail is None and moves
            said.append(f"{name} at {seq} of {head}" + (f" ({detail})" if detail else ""))
        self._reporter.say(is_ready=is_ready, detail="; ".join(said))
        return is_ready


def _ordered(following: Following, channel: str, failed: Any) -> type[StreamBatchSubscriber]:
    """FastStream's batch subscriber, reading as this log wants to be read."""

    class Ordered(StreamBatchSubscriber):
        __slots__ = ()  # the class of a built object can only change to one of the same layout

        async def _consume(self, *_: Any, start_signal: Any) -> None:
            start_signal.set()
            try:
                await following.run(self._deliver)
            except Exception as error:  # noqa: BLE001  # whatever it is, the worker must end
                failed(following, error)

        async def _deliver(self, entries: Sequence[Entry]) -> None:
            await self.consume(
                BatchStreamMessage(
                    type="bstream",
                    channel=channel,
                    data=cast("Any", entries),  # handed on as they are; _decode gives them back
                    message_ids=[],
                )
            )

        async def consume(self, msg: Any) -> Any:
            return await self.process_message(msg)

        async def stop(self) -> None:
            following.is_running = False
            await super().stop()

    return Ordered


async def _parse(raw: Any, _original: Any = None) -> RedisBatchStreamMessage:
    # FastStream's envelope is never read: what the entry holds is in its plain fields.
    return RedisBatchStreamMessage(raw, body=b"", consumer=FAKE_CONSUMER, group=None)


async def _decode(message: RedisBatchStreamMessage, _original: Any = None) -> list[Entry]:
    return cast("list[Entry]", message.raw_message["data"])
