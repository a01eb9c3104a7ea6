"""The common portal of the Russian courts (`*.sudrf.ru`): its courts, requests and pages."""
