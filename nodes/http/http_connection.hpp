// One caller: requests are read under limits, one after the other, and answered in order.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "nodes/http/connection_book.hpp"

namespace trainyard {

/// On the server's thread, held by its own pending operations and by the answer that it waits for.
class http_connection : public std::enable_shared_from_this<http_connection> {
public:
  http_connection(boost::beast::tcp_stream socket, std::shared_ptr<connection_book> book);
  ~http_connection();
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  void start();
  /// At once where nothing is asked, else after the answer.
  void end_soon();
  void close();

private:
  using error_code = boost::beast::error_code;
  void read_head();
  void on_head(error_code error);
  void go_on_to_body(std::string_view expects);
  void read_body();
  [[nodiscard]] bool admit_body();
  void let_go_of_body();
  void on_body(error_code error);
  void refuse(error_code why);
  void answer(http_answer what);
  void start_stream(const http_answer& what);
  void write(http_answer what);
  void on_written(error_code error);
  void linger();

  boost::beast::tcp_stream socket_;
  std::shared_ptr<connection_book> book_;
  std::string peer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::optional<boost::beast::http::response<boost::beast::http::string_body>> response_;
  std::array<char, 4096> unread_{};
  std::size_t lingered_ = 0;        ///< bytes that were read and dropped
  std::size_t most_body_bytes_ = 0; ///< of the request that is read
  bool is_large_ = false;           ///< its body is one of few that may be larger than others
  bool is_head_ = false;            ///< the request that is answered: its answer has no body
  bool keeps_ = false;              ///< alive after this answer
  bool idle_ = true;                ///< nothing is asked
};

} // namespace trainyard
