"""Registration: takes in producing entities, product ideas and dossiers, and sees a dossier through its commune.

Says:  RepresentativeNamed, IdeaSelected, DossierSubmitted, CommuneVerified, DossierReturned, DossierWithdrawn
Hears: evaluation and certification, to show where a dossier stands

Read in this order: domain, use_cases, messages, storage, hearing, api, service.
"""
