"""Bounded, strict readers of document forms: a body becomes rows or a typed error, never less.

Every module is pure: text or bytes in, values out, no network and no file. The limits below are
those of the form itself; the size of a body is limited before it comes here.
"""
