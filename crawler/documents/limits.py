"""The one error of every reader whose limit was met, in the machine word of the verdict."""

from crawler.errors import SourceError

PARSER_LIMIT = "parser-limit"


def parser_limit(message: str) -> SourceError:
    """The error for a document past a limit of its parser: depth, text, tags, entities."""
    return SourceError(message, reason=PARSER_LIMIT)
