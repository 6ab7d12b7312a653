"""Evaluation: councils score what communes have verified, and conclude what it is worth.

Says:  MembersCleared, ScoredAtDistrict, ScoredAtProvince
Hears: CommuneVerified (opens an assessment), NewAssessmentOrdered (opens it once more), DossierWithdrawn (closes it),
       RepresentativeNamed (shows conflicts of interest)

Read in this order: domain, use_cases, messages, storage, queries, hearing, api, service.
"""
