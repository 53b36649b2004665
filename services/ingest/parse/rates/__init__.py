"""Official exchange rates as central banks publish them: one small module for each bank.

A bank's module says what is its document and turns it into rows of text, exactly as printed;
``judging.py`` makes rates of all rows by the same rules, and ``bank_files.py`` finds the bank.
"""
