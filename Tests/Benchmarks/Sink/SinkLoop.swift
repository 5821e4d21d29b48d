import Delivery
import Glibc
import TestSupport

/// The thread of a ``TimingSink``: all connections, by poll(2).
///
/// With a delay, what was asked together is answered together, so long afterwards: a relay at the
/// other end of a long line.
final class SinkLoop {
    private struct Answer {
        var dueAt: SteadyTime
        var session: SinkSession
        var replies: [UInt8]
        var accepted: Int
        var timed: [String]
    }

    private let listener: Int32
    /// Readable, or at its end, when the thread is to end.
    private let stop: Int32
    private let delay: Duration
    private let record: SinkRecord
    private var sessions: [SinkSession] = []
    /// In the order in which they are due: all wait as long.
    private var answers: [Answer] = []

    init(listener: Int32, stop: Int32, delay: Duration, record: SinkRecord) {
        self.listener = listener
        self.stop = stop
        self.delay = delay
        self.record = record
    }

    func run() {
        defer {
            for descriptor in [listener, stop] + sessions.map(\.descriptor) { close(descriptor) }
        }
        while true {
            var polled = ([stop, listener] + sessions.map(\.descriptor)).map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            poll(&polled, nfds_t(polled.count), timeout())
            if polled[0].revents != 0 { return }
            for (session, entry) in zip(sessions, polled.dropFirst(2)) where entry.revents != 0 {
                session.receive()
                answer(session)
            }
            sendDueAnswers()
            if polled[1].revents != 0 { acceptOne() }
            for session in sessions where session.isOver { close(session.descriptor) }
            sessions.removeAll(where: \.isOver)
        }
    }

    private func timeout() -> Int32 {
        guard let first = answers.first else { return -1 }
        let left = (first.dueAt - TestClock.steady).inNanoseconds
        return Int32(max(0, (left + 999_999) / 1_000_000))
    }

    private func acceptOne() {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes,
            socklen_t(MemoryLayout<Int32>.size))
        let session = SinkSession(descriptor: descriptor)
        sessions.append(session)
        answer(session)
    }

    private func answer(_ session: SinkSession) {
        guard !session.replies.isEmpty else { return }
        let answer = Answer(
            dueAt: TestClock.steady + delay, session: session, replies: session.replies,
            accepted: session.accepted, timed: session.timed)
        session.replies.removeAll(keepingCapacity: true)
        session.accepted = 0
        session.timed.removeAll()
        if delay == .zero || session.isOver { send(answer) } else { answers.append(answer) }
    }

    private func sendDueAnswers() {
        guard !answers.isEmpty else { return }
        let now = TestClock.steady
        let due = answers.prefix { $0.dueAt <= now }
        due.forEach(send)
        answers.removeFirst(due.count)
    }

    /// The time is noted before the client can have read the answer.
    private func send(_ answer: Answer) {
        if answer.accepted > 0 { record.add(answer.accepted, timed: answer.timed) }
        answer.replies.withUnsafeBytes {
            _ = Glibc.send(
                answer.session.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }
}
