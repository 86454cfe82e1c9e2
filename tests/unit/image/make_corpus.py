#!/usr/bin/env python3
"""Real photos in every mode that PIL reads, with PIL's own pixels, and files that no reader should trust.

    make_corpus.py OUT

OUT/cases.tsv: name, what is expected, width, height. `same` (decoded pixels are bit for bit OUT/name.rgb), `near`
(another version of the codec: a few levels), or the kinds of failure that are right, separated by |.
OUT/name.square is what PIL's resize and crop to 224 give.
"""
import os
import corpus_sink
import corpus_jpeg, corpus_png, corpus_webp, corpus_bmp, corpus_other  # each writes its files as it is imported

with open(os.path.join(corpus_sink.out, "cases.tsv"), "w") as file:
    for row in corpus_sink.rows:
        file.write("\t".join(map(str, row)) + "\n")
print(len(corpus_sink.rows), "cases")
