"""The web becomes observations. The only room that knows Scrapy and the network."""
