// Read the head, then the body, ask the handler, write, again. Whatever is wrong with HTTP itself ends here.
#include "nodes/http/http_connection.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/write.hpp>

#include "messages/http_failure.hpp"
#include "nodes/http/answer_headers.hpp"
#include "nodes/http/event_stream.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t linger_bytes = 256 * 1024;

template <class View>
std::string text_of_view(View view) {
  return std::string(view.data(), view.size());
}

http_request plain_request(http::request<http::string_body> of, const std::string& peer) {
  http_request plain;
  plain.method = text_of_view(of.method_string());
  plain.target = text_of_view(of.target());
  for (const auto& each : of)
    plain.headers.emplace_back(text_of_view(each.name_string()), text_of_view(each.value()));
  plain.body = std::move(of.body());
  plain.peer = peer;
  return plain;
}

http_answer invalid(int status, std::string cause, std::string remedy) {
  return problem_answer(status,
                        {kind_of(http_failure::request_invalid), std::move(cause), std::move(remedy)});
}

} // namespace

http_connection::http_connection(beast::tcp_stream socket, std::shared_ptr<connection_book> book)
    : socket_(std::move(socket)), book_(std::move(book)) {
  beast::error_code gone;
  const auto peer = socket_.socket().remote_endpoint(gone);
  peer_ = gone ? "unknown" : peer.address().to_string();
}

http_connection::~http_connection() {
  let_go_of_body();
  book_->connections.erase(this);
}

void http_connection::start() {
  book_->connections.emplace(this, weak_from_this());
  read_head();
}

void http_connection::end_soon() {
  if (idle_)
    close();
  keeps_ = false;
}

void http_connection::close() {
  beast::error_code ignored;
  socket_.socket().shutdown(net::ip::tcp::socket::shutdown_both, ignored);
  socket_.close();
}

void http_connection::read_head() {
  idle_ = true;
  parser_.emplace();
  parser_->header_limit(book_->limits.head_bytes);
  auto most = book_->limits.body_bytes;
  for (const auto& [path, bytes] : book_->limits.body_bytes_at)
    most = std::max(most, bytes);
  parser_->body_limit(most); // until the head tells which path it is
  most_body_bytes_ = most;
  socket_.expires_after(book_->limits.head_time);
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_head(error); });
}

void http_connection::on_head(error_code error) {
  idle_ = false;
  is_head_ = parser_->get().method() == http::verb::head;
  keeps_ = !error && parser_->keep_alive() && !book_->draining;
  if (error)
    return refuse(error);
  if (parser_->get().count(http::field::transfer_encoding) > 0 && !parser_->chunked()) {
    keeps_ = false; // where its body ends is anybody's guess
    return write(invalid(400, "the request's Transfer-Encoding is not chunked", "send a Content-Length"));
  }
  if (!admit_body())
    return;
  const auto expects = text_of_view(parser_->get()[http::field::expect]);
  if (expects.empty())
    return read_body();
  go_on_to_body(expects);
}

/// False where it was refused. The parser holds a body in pieces against the limit; of one whose length
/// stands in the head it has seen that already.
bool http_connection::admit_body() {
  const auto length = parser_->content_length();
  most_body_bytes_ = book_->limits.most_body_bytes(text_of_view(parser_->get().target()));
  if (length && *length > most_body_bytes_)
    return refuse(http::error::body_limit), false;
  if (parser_->chunked())
    parser_->body_limit(most_body_bytes_);
  if (length.value_or(most_body_bytes_) <= book_->limits.body_bytes || (!length && !parser_->chunked()))
    return true;
  if (book_->large_bodies >= book_->limits.large_bodies) {
    keeps_ = false;
    write(problem_answer({kind_of(http_failure::too_many_requests),
                          "as many large requests are in hand as may be", "ask again in a moment"}));
    return false;
  }
  ++book_->large_bodies;
  is_large_ = true;
  return true;
}

void http_connection::let_go_of_body() {
  if (std::exchange(is_large_, false))
    --book_->large_bodies;
}

void http_connection::go_on_to_body(std::string_view expects) {
  static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  if (!equal_but_for_case(expects, "100-continue")) {
    keeps_ = false;
    return write(invalid(417, "the request expects what HTTP has not", "leave the header Expect out"));
  }
  net::async_write(socket_, net::buffer(go_on), [self = shared_from_this()](error_code error, std::size_t) {
    error ? self->close() : self->read_body();
  });
}

void http_connection::read_body() {
  socket_.expires_after(is_large_ ? book_->limits.large_body_time : book_->limits.body_time);
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
}

void http_connection::on_body(error_code error) {
  if (error)
    return refuse(error);
  socket_.expires_never(); // who answers has a deadline of its own
  try {
    book_->handler(plain_request(parser_->release(), peer_),
                   [self = shared_from_this()](http_answer what) { self->answer(std::move(what)); });
  } catch (const std::exception& broken) { // a bug or exhausted memory: this request's alone
    if (!response_)
      write(problem_answer({failure_kind::internal, broken.what(), "please report this with the request"}));
  }
}

void http_connection::refuse(error_code why) {
  keeps_ = false;
  is_head_ = false;
  if (why == http::error::header_limit || why == http::error::buffer_overflow)
    return write(invalid(
        431, "the request's head is longer than " + std::to_string(book_->limits.head_bytes) + " bytes",
        "send fewer or shorter headers"));
  if (why == http::error::body_limit)
    return write(invalid(413,
                         "the request's body is longer than " + std::to_string(most_body_bytes_) + " bytes",
                         "send less"));
  const bool spoke_http = why.category() == make_error_code(http::error::bad_method).category() &&
                          why != http::error::end_of_stream && why != http::error::partial_message;
  if (spoke_http)
    return write(invalid(400, "this is not HTTP/1.1: " + why.message(), "speak HTTP/1.1, without TLS"));
  close(); // it hung up, or was too slow
}

void http_connection::answer(http_answer what) {
  if (what.streams_events && book_->streams.size() >= book_->limits.event_streams)
    what = problem_answer(503, {kind_of(http_failure::too_many_requests), "too many listen to events",
                                "ask for /api/v1/nodes and the session every second or two instead"});
  if (what.streams_events && !is_head_)
    return start_stream(what);
  write(std::move(what));
}

void http_connection::start_stream(const http_answer& what) {
  ++book_->answers[what.status];
  std::string head = "HTTP/1.1 200 OK\r\nDate: " + http_date() + "\r\nContent-Type: " + what.content_type +
                     "\r\nCache-Control: no-store\r\nConnection: close\r\n";
  for (const auto& [name, value] : safety_headers())
    head += name + ": " + value + "\r\n";
  std::make_shared<event_stream>(std::move(socket_), book_)->start(head + "\r\n: hello\n\n");
}

void http_connection::write(http_answer what) {
  let_go_of_body();
  ++book_->answers[what.status];
  auto& response = response_.emplace();
  response.version(11);
  response.result(static_cast<unsigned>(what.status));
  response.set(http::field::date, http_date());
  for (const auto& [name, value] : safety_headers())
    response.set(name, value);
  response.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : what.headers)
    response.set(name, value);
  if (!what.content_type.empty())
    response.set(http::field::content_type, what.content_type);
  keeps_ = keeps_ && !book_->draining;
  response.keep_alive(keeps_);
  if (what.status != 204 && what.status != 304)
    response.content_length(what.body.size());
  if (!is_head_)
    response.body() = std::move(what.body);
  socket_.expires_after(book_->limits.write_time);
  http::async_write(socket_, response,
                    [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void http_connection::on_written(error_code error) {
  response_.reset();
  if (error)
    return close();
  if (keeps_)
    return read_head();
  socket_.socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
  socket_.expires_after(linger_time);
  linger();
}

/// A close with unread bytes would reset the connection, and the answer with it.
void http_connection::linger() {
  socket_.async_read_some(
      net::buffer(unread_), [self = shared_from_this()](error_code error, std::size_t bytes) {
        self->lingered_ += bytes;
        error || self->lingered_ > std::max(linger_bytes, self->most_body_bytes_) ? self->close()
                                                                                  : self->linger();
      });
}

} // namespace trainyard
