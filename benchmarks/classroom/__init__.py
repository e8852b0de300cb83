"""How large a computer a class needs. (`class` is a word of Python's own.)"""
