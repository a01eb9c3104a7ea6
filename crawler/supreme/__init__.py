"""The Supreme Court's search of cases and complaints (vsrf.ru)."""
