"""Cases, decisions and certificates: what may happen to a scored dossier, and what it leaves.

Read in this order: product, score, standing, certificate, refusals, course, case, decision.
"""
