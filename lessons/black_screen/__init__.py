"""Lesson 2, The black screen: what is darker than black?"""
