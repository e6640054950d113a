# File: __init__.py
#
# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
