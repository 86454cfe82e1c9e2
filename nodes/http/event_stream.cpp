// At most one write at a time; meanwhile the last event of each key waits.
#include "nodes/http/event_stream.hpp"

#include <boost/asio/write.hpp>

namespace trainyard {

namespace net = boost::asio;
namespace beast = boost::beast;

event_stream::event_stream(beast::tcp_stream socket, std::shared_ptr<connection_book> book)
    : socket_(std::move(socket)), book_(std::move(book)) {}

event_stream::~event_stream() {
  book_->streams.erase(this);
}

void event_stream::start(std::string head) {
  book_->streams.emplace(this, weak_from_this());
  socket_.expires_never();
  listen_for_end();
  write(std::move(head));
}

void event_stream::listen_for_end() {
  socket_.async_read_some(net::buffer(&heard_, 1),
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                            if (error)
                              self->hang_up();
                            else
                              self->listen_for_end(); // nobody says anything here, and nobody is heard
                          });
}

void event_stream::tell(const std::string& key, const std::string& text) {
  if (over_)
    return;
  if (writing_.empty())
    write(text);
  else
    waiting_[key] = text;
}

void event_stream::write(std::string text) {
  writing_ = std::move(text);
  socket_.expires_after(book_->limits.write_time);
  net::async_write(
      socket_, net::buffer(writing_),
      [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_written(!error); });
}

void event_stream::on_written(bool good) {
  writing_.clear();
  if (!good)
    return hang_up();
  std::string next;
  for (const auto& [key, text] : waiting_)
    next += text;
  waiting_.clear();
  if (!next.empty() && !over_)
    write(std::move(next));
}

void event_stream::hang_up() {
  over_ = true;
  beast::error_code ignored;
  socket_.socket().shutdown(net::ip::tcp::socket::shutdown_both, ignored);
  socket_.close();
}

} // namespace trainyard
