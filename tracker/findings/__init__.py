"""What is said of a pair, a triangle and the table of pairs: the finding first, then the doubt.

Each is made from facts that the caller has read, so that pages, files, mails and the terminal say
the same.
"""
