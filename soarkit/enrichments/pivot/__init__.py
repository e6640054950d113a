"""What pivot transforms find as one graph: entities that lead to each other, as data, as a tree and as a page.

An entity is its type and its value: what several transforms find is in the graph once, with an edge for each way there.
"""
