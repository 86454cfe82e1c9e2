// What an output folder is asked for, by what, and what it is turned into.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array search_table{
    option{.key = "search.image",
           .flag = "--image",
           .type = path,
           .standard = "",
           .sentence = "Image to find the like of; it need not be in the folder."},
    option{.key = "search.text",
           .flag = "--text",
           .standard = "",
           .sentence = "Words to find images for, where the folder's model embeds text."},
    option{.key = "search.hits",
           .flag = "--hits",
           .type = integer,
           .standard = "10",
           .sentence = "Images to find, the nearest first.",
           .least = 1,
           .most = 10'000,
           .unit = "images"},
    option{.key = "search.html",
           .flag = "--html",
           .type = path,
           .standard = "",
           .sentence = "File for a page with the images found, which needs no other file."},
    option{.key = "search.photos",
           .flag = "--photos",
           .type = path,
           .standard = "",
           .sentence = "Folder of the original images, for --html; not set: the one that was embedded."},
};

constexpr std::array text_table{
    option{.key = "text.out",
           .flag = "--out",
           .type = path,
           .standard = "",
           .sentence = "File for the vectors, a row per text (.npy, float32); not set: they are shown.",
           .environment = "TRAINYARD_TEXT_OUT"},
};

constexpr std::array export_table{
    option{.key = "export.to",
           .flag = "--to",
           .type = choice,
           .standard = "parquet",
           .sentence = "What the folder is written as.",
           .choices = "parquet|faiss|pgvector|qdrant"},
    option{.key = "export.into",
           .flag = "--into",
           .type = path,
           .standard = "",
           .sentence =
               "File to write (parquet, and pgvector as a script for psql) or folder (faiss, qdrant)."},
    option{.key = "export.table",
           .flag = "--table",
           .standard = "trainyard_images",
           .sentence = "Table of PostgreSQL, made where there is none; a schema may stand before it."},
    option{.key = "export.column",
           .flag = "--column",
           .type = choice,
           .standard = "auto",
           .sentence = "Type of a new table's embedding; auto is pgvector's where the database has it, else "
                       "real[].",
           .choices = "auto|vector|real"},
    option{.key = "export.database",
           .standard = "",
           .sentence = "Connection string of the PostgreSQL to write into; may name a password.",
           .environment = "TRAINYARD_EXPORT_DATABASE",
           .secret = true},
};

} // namespace

std::span<const option> search() {
  return search_table;
}

std::span<const option> text() {
  return text_table;
}

std::span<const option> exports() {
  return export_table;
}

} // namespace trainyard::option_sections
