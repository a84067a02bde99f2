"""The shell of every page: assets, security headers, language, sentences of refusals, navigation, macros.

Rooms write `{% extends "web/base.html" %}` and `{% import "web/macros.html" as ui %}`; see templates/web/macros.html.
"""
