// Accepts, ticks, ends; each connection is a class of its own.
#include "nodes/http/http_server.hpp"

#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "messages/http_failure.hpp"
#include "nodes/http/event_stream.hpp"
#include "nodes/http/http_connection.hpp"

namespace trainyard {

namespace net = boost::asio;
using net::ip::tcp;
using error_code = boost::beast::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100}; ///< after an error: no file is free
constexpr std::chrono::milliseconds drain_look{50};
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";

} // namespace

struct http_server::state {
  net::io_context io{1};
  net::executor_work_guard<net::io_context::executor_type> work{io.get_executor()};
  tcp::acceptor acceptor{io};
  net::steady_timer accept_timer{io};
  net::steady_timer second_timer{io};
  net::steady_timer drain_timer{io};
  std::shared_ptr<connection_book> book = std::make_shared<connection_book>();
  std::vector<std::function<void()>> ticks;
  listen_address where;
  std::thread thread;

  ~state() {
    io.stop();
    if (thread.joinable())
      thread.join();
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor.is_open())
        return;
      if (error)
        return pause();
      take(std::move(socket));
      accept();
    });
  }

  void pause() {
    accept_timer.expires_after(accept_pause);
    accept_timer.async_wait([this](error_code) {
      if (acceptor.is_open())
        accept();
    });
  }

  void take(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (book->connections.size() + book->streams.size() < book->limits.connections)
      return std::make_shared<http_connection>(boost::beast::tcp_stream(std::move(socket)), book)->start();
    ++book->answers[503];
    socket.non_blocking(true, ignored);
    socket.write_some(net::buffer(too_many.data(), too_many.size()), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void tick() {
    second_timer.expires_after(std::chrono::seconds(1));
    second_timer.async_wait([this](error_code error) {
      if (error)
        return;
      for (const auto& each : ticks)
        each();
      if (++beats % 10 == 0)
        tell_all("", ": still here\n\n"); // who is gone is found out
      tick();
    });
  }

  void tell_all(const std::string& key, const std::string& text) {
    for (const auto& [raw, weak] : std::map(book->streams)) // telling may end one
      if (const auto stream = weak.lock())
        stream->tell(key, text);
  }

  void begin_drain() {
    book->draining = true;
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& [raw, weak] : std::map(book->streams))
      if (const auto stream = weak.lock())
        stream->hang_up();
    for (const auto& [raw, weak] : std::map(book->connections))
      if (const auto connection = weak.lock())
        connection->end_soon();
  }

  void watch_drain(std::chrono::steady_clock::time_point deadline, std::function<void()> done) {
    if (book->connections.empty() || std::chrono::steady_clock::now() >= deadline)
      return done();
    drain_timer.expires_after(drain_look);
    drain_timer.async_wait(
        [this, deadline, done = std::move(done)](error_code) { watch_drain(deadline, done); });
  }

  std::uint64_t beats = 0;
};

http_server::http_server(std::unique_ptr<state> made) : state_(std::move(made)) {}
http_server::~http_server() = default;

result<std::unique_ptr<http_server>> http_server::open(const listen_address& where, http_limits limits) {
  auto made = std::make_unique<state>();
  made->book->limits = limits;
  error_code error;
  const tcp::endpoint endpoint(net::ip::make_address(where.host, error), where.port);
  auto& acceptor = made->acceptor;
  if (!error)
    acceptor.open(endpoint.protocol(), error);
  if (!error)
    acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error)
    acceptor.bind(endpoint, error);
  if (!error)
    acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error)
    return fail(kind_of(http_failure::gateway_unavailable),
                "cannot listen on " + url_of(where) + ": " + error.message(),
                "end what listens there, or give another address");
  made->where = {where.host, acceptor.local_endpoint().port()};
  return std::unique_ptr<http_server>(new http_server(std::move(made)));
}

void http_server::start(http_handler handler) {
  state_->book->handler = std::move(handler);
  state_->accept();
  state_->tick();
  state_->thread = std::thread([of = state_.get()] { of->io.run(); });
}

const listen_address& http_server::where() const {
  return state_->where;
}

void http_server::post(std::function<void()> task) {
  net::post(state_->io, std::move(task));
}

void http_server::each_second(std::function<void()> task) {
  state_->ticks.push_back(std::move(task));
}

void http_server::publish(std::string key, std::string event, std::string data) {
  net::post(state_->io, [of = state_.get(), key = std::move(key),
                         text = "event: " + event + "\ndata: " + data + "\n\n"] { of->tell_all(key, text); });
}

http_figures http_server::figures() const {
  const auto& book = *state_->book;
  return {book.connections.size(), book.streams.size(), book.answers};
}

void http_server::drain(std::chrono::milliseconds patience, std::function<void()> done) {
  net::post(state_->io, [of = state_.get(), patience, done = std::move(done)] {
    of->begin_drain();
    of->watch_drain(std::chrono::steady_clock::now() + patience, done);
  });
}

void http_server::stop() {
  state_->io.stop();
  if (state_->thread.joinable())
    state_->thread.join();
}

} // namespace trainyard
