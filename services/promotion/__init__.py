"""Promotion: shows certified products to the public, and takes them down when their certificate ends.

Says:  ProductListed, ProductDelisted
Hears: certification, for what may be shown and what no longer may

Read in this order: domain, use_cases, messages, storage, leaping, queries, hearing, pages, api, service.
"""
