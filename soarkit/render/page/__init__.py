"""Results as one HTML page that needs no network.

The page holds no text of an app or its data as markup: it is a shell of our own (:mod:`.document`), data as JSON in
script elements that run nothing (:mod:`.encode`), and our script, which builds all that is seen from it.
"""
