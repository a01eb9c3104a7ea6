"""Scrapy's settings for every source. What one source changes: `crawler.network`.

Each setting that differs from Scrapy 2.19's default says why.
"""

import certifi

BOT_NAME = "unsilenced"
SPIDER_MODULES = ["crawler.spiders"]

# Open doors: both are on by default and run code for whoever connects.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The public roots come with the pinned package, not from the machine, whose owner may add some.
TLS_PUBLIC_ROOTS = certifi.where()
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False; our handler verifies whatever this says
DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.VerifiedDownload",
    "https": "crawler.wire.VerifiedDownload",
    # A redirect or a link to file:///etc/passwd would be served by these.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # default 1 GiB
DOWNLOAD_WARNSIZE = 0  # large registers are no news
DOWNLOAD_TIMEOUT = 60  # bounds the whole download: one byte in 0.5 s ended at 4.0 s with 4
# The default knows one IPv4 address a name; this one tries the next address when one is dead.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
DOWNLOAD_FAIL_ON_DATALOSS = False  # True drops the bytes that came; `capture` keeps and refuses

DOWNLOADER_MIDDLEWARES = {
    # Scrapy's own that ours replace: they let through what must not pass.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # other ports, start requests
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # ends untyped, waits for nobody
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # cut = whole
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # reads the environment
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,  # pickles
    # Engine side first. A response passes them from the last to the first.
    "crawler.resume.Resume": 540,  # what is stored needs no turn
    "crawler.retries.Retries": 550,
    "crawler.redirects.Redirects": 600,
    "crawler.conditional.Conditional": 620,
    "crawler.capture.Capture": 650,  # below redirects and retries: it sees each hop and attempt
    "crawler.egress.EgressGate": 900,  # nothing after it can change a request
}
EXTENSIONS = {
    "scrapy.extensions.spiderstate.SpiderState": None,  # pickles
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ru,en;q=0.5",  # default "en": some registers then serve another page
    "Accept-Encoding": "gzip",  # the strict decoder proves that a gzip body is whole
}

# Switched off a second time, should a middleware above come back.
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
COMPRESSION_ENABLED = False
HTTPCACHE_ENABLED = False
HTTPPROXY_ENABLED = False
JOBDIR = None  # a reused one gives 0 items and success, and it is pickle

REDIRECT_MAX_TIMES = 5  # default 20
RETRY_TIMES = 2  # three tries in all
RETRY_BACKOFF_S = 2.0  # ours: before the first retry, then doubled; a source's delay_s replaces it
RETRY_WAIT_CAP_S = 120.0  # ours: the longest wait, whatever Retry-After says
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # default ERROR; the reason stands in the verdict

CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0  # default 0
DOWNLOAD_DELAY_JITTER = 0.0  # default 0.5 waits half of it at times (seen: 0.36 s of 0.5)
AUTOTHROTTLE_ENABLED = True  # slower when the server is slower
# A limit drops what lies deeper without a word, and pages that follow one another are a depth
# each (seen 2026-11: 600 rows of 900). CLOSESPIDER_PAGECOUNT of each source bounds a run aloud.
DEPTH_LIMIT = 0
URLLENGTH_LIMIT = 8192  # default 2083; queries of court sites are longer
MEMUSAGE_LIMIT_MB = 2048  # default endless; one process a run

# DEBUG is the default and would log each URL; above ERROR `log_count/ERROR` goes missing.
LOG_LEVEL = "WARNING"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
LOGSTATS_INTERVAL = 0.0
