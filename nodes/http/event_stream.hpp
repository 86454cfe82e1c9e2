// One listener of server-sent events: what it is too slow for is replaced by what is newer.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <boost/beast/core.hpp>

#include "nodes/http/connection_book.hpp"

namespace trainyard {

/// On the server's thread, held by its own pending operations.
class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  event_stream(boost::beast::tcp_stream socket, std::shared_ptr<connection_book> book);
  ~event_stream();
  event_stream(const event_stream&) = delete;
  event_stream& operator=(const event_stream&) = delete;

  /// `head`: status line and headers, with the empty line behind them.
  void start(std::string head);
  void tell(const std::string& key, const std::string& text);
  void hang_up();

private:
  void listen_for_end();
  void write(std::string text);
  void on_written(bool good);

  boost::beast::tcp_stream socket_;
  std::shared_ptr<connection_book> book_;
  std::map<std::string, std::string> waiting_; ///< by key
  std::string writing_;
  char heard_ = 0;
  bool over_ = false;
};

} // namespace trainyard
