"""Certification: the authorities decide on what the councils scored, and watch over the certificates.

Says:  CertifiedAtDistrict, CertifiedAtProvince, CertifiedNational, ReferredNational,
       NationalResultRecorded, NewAssessmentOrdered, CertificateRevoked, CertificateExpired, ReevaluationDue
Hears: evaluation, to learn which dossier awaits whose decision; registration, to learn which was withdrawn

Read in this order: domain, use_cases, messages, storage, queries, hearing, chores, api, service.
"""
