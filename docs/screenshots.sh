#!/usr/bin/env bash
# Makes the pictures of the README anew, from the running product with the sample estate.
set -eu
cd "$(dirname "$0")/.."
dotnet build tests/Bartizan.EndToEnd.Tests --configuration Release --nologo --verbosity quiet
BARTIZAN_SCREENSHOTS="$PWD/docs/images" artifacts/bin/Bartizan.EndToEnd.Tests/release/Bartizan.EndToEnd.Tests --filter-class '*PictureTests' --explicit on
