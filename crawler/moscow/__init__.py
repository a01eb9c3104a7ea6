"""The portal of the Moscow courts (mos-gorsud.ru): its courts, requests and pages."""
