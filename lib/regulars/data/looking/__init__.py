"""Looking: what files that nobody has described yet are, and how sure that is.

It guesses, and it shows on what the guess rests. Nothing of this runs when a report is made: then
the parameter file declares.
"""
