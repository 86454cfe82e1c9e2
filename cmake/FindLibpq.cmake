# Finds PostgreSQL's client library; defines Libpq::pq. Homebrew keeps it out of the usual folders.
find_path(LIBPQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql
  HINTS /opt/homebrew/opt/libpq/include /usr/local/opt/libpq/include)
find_library(LIBPQ_LIBRARY pq HINTS /opt/homebrew/opt/libpq/lib /usr/local/opt/libpq/lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libpq REQUIRED_VARS LIBPQ_LIBRARY LIBPQ_INCLUDE_DIR)
if(Libpq_FOUND AND NOT TARGET Libpq::pq)
  add_library(Libpq::pq UNKNOWN IMPORTED)
  set_target_properties(Libpq::pq PROPERTIES IMPORTED_LOCATION "${LIBPQ_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBPQ_INCLUDE_DIR}")
endif()
mark_as_advanced(LIBPQ_INCLUDE_DIR LIBPQ_LIBRARY)
