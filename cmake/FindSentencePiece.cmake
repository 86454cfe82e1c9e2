# Finds Google's SentencePiece, for its runtime alone; defines SentencePiece::sentencepiece.
find_path(SENTENCEPIECE_INCLUDE_DIR sentencepiece_processor.h
  HINTS /opt/homebrew/opt/sentencepiece/include /usr/local/opt/sentencepiece/include)
find_library(SENTENCEPIECE_LIBRARY sentencepiece
  HINTS /opt/homebrew/opt/sentencepiece/lib /usr/local/opt/sentencepiece/lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SentencePiece REQUIRED_VARS SENTENCEPIECE_LIBRARY SENTENCEPIECE_INCLUDE_DIR)
if(SentencePiece_FOUND AND NOT TARGET SentencePiece::sentencepiece)
  add_library(SentencePiece::sentencepiece UNKNOWN IMPORTED)
  set_target_properties(SentencePiece::sentencepiece PROPERTIES IMPORTED_LOCATION "${SENTENCEPIECE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SENTENCEPIECE_INCLUDE_DIR}")
endif()
mark_as_advanced(SENTENCEPIECE_INCLUDE_DIR SENTENCEPIECE_LIBRARY)
