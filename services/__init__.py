"""The five services: each owns its database, its pages and its words; they meet only in events.

registration  says DossierSubmitted, CommuneVerified, …        hears evaluation, certification
evaluation    says ScoredAtDistrict, ScoredAtProvince           hears registration
certification says CertifiedAtProvince, ReferredNational, …    hears registration, evaluation
promotion     says ProductListed, ProductDelisted              hears certification
reporting     says nothing                                     hears everybody
"""
