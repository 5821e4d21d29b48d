internal import Delivery
internal import Glibc

/// One client: reads a request, writes the answer, and so on.
///
/// Nothing here blocks; what takes too long ends.
final class HTTPConnection {
    enum Phase: Equatable {
        /// Nothing of a request has come.
        case waiting
        /// A part of one.
        case reading
        case writing
        /// The last answer is out; what else comes is thrown away until the other side closes, else it might
        /// lose the answer (RFC 9112, section 9.6).
        case leaving
        case closed
    }

    let descriptor: Int32
    private(set) var phase = Phase.waiting
    /// When the phase has lasted for too long.
    private(set) var deadline: SteadyTime
    private let limits: HTTPLimits
    private let answer: (HTTPRequest) -> HTTPResponse
    private var received: [UInt8] = []
    private var output: [UInt8] = []
    private var written = 0
    private var closesAfter = false
    private var hasAnswered = false
    private var discarded = 0
    private static let mostDiscarded = 65_536

    init(
        _ descriptor: Int32, _ limits: HTTPLimits, at now: SteadyTime,
        answer: @escaping (HTTPRequest) -> HTTPResponse
    ) {
        self.descriptor = descriptor
        self.limits = limits
        self.answer = answer
        deadline = now + limits.patience
    }

    var isWriting: Bool { phase == .writing }
    /// Of no use to anybody: it makes room for another.
    var isSpare: Bool { phase == .leaving || phase == .waiting && hasAnswered }

    /// There is something to read, or room to write.
    func serve(at now: SteadyTime) {
        switch phase {
        case .waiting, .reading: receive(at: now)
        case .writing: write(at: now)
        case .leaving: discard()
        case .closed: break
        }
    }

    /// The deadline has passed.
    func expire(at now: SteadyTime) {
        switch phase {
        case .waiting where !hasAnswered, .reading:
            refuse(.timeout, at: now)
        case .waiting, .writing, .leaving: close()
        case .closed: break
        }
    }

    func close() {
        guard phase != .closed else { return }
        phase = .closed
        Glibc.close(descriptor)
    }

    // MARK: Requests

    private func receive(at now: SteadyTime) {
        var buffer = [UInt8](repeating: 0, count: HTTPRequest.longest)
        let count = SystemError.retrying { recv(descriptor, &buffer, buffer.count, 0) }
        guard count > 0 else {
            if count < 0, errno == EAGAIN { return }
            return close()
        }
        received += buffer[..<count]
        if phase == .waiting {
            phase = .reading
            deadline = now + limits.patience
        }
        answerNext(at: now)
    }

    /// What stands in the buffer by now; one request at a time, so that answers keep their order.
    private func answerNext(at now: SteadyTime) {
        switch HTTPRequest.read(received[...]) {
        case .incomplete: break
        case .refused(let status): refuse(status, at: now)
        case .request(let request, let length):
            received.removeFirst(length)
            var response = answer(request)
            if request.hasContent, response.status == .ok {
                response = HTTPResponse(.contentTooLarge, "a request here has no content")
            }
            begin(
                response, isHead: request.isHead, closes: request.closes || request.hasContent,
                at: now)
        }
    }

    private func refuse(_ status: HTTPStatus, at now: SteadyTime) {
        received.removeAll()
        begin(HTTPResponse(status, status.phrase), isHead: false, closes: true, at: now)
    }

    // MARK: Answers

    private func begin(
        _ response: HTTPResponse, isHead: Bool, closes: Bool, at now: SteadyTime
    ) {
        output = response.octets(isHead: isHead, closes: closes, at: SystemClock().wallNow())
        written = 0
        closesAfter = closes
        phase = .writing
        deadline = now + limits.patience
        write(at: now)
    }

    private func write(at now: SteadyTime) {
        while written < output.count {
            let count = output[written...].withUnsafeBytes { bytes in
                SystemError.retrying {
                    send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                }
            }
            guard count > 0 else {
                if count < 0, errno == EAGAIN { return }
                return close()
            }
            written += count
        }
        output = []
        hasAnswered = true
        closesAfter ? leave(at: now) : next(at: now)
    }

    private func leave(at now: SteadyTime) {
        phase = .leaving
        deadline = now + limits.leave
        shutdown(descriptor, Int32(SHUT_WR))
        discard()
    }

    private func next(at now: SteadyTime) {
        phase = received.isEmpty ? .waiting : .reading
        deadline = now + (received.isEmpty ? limits.idle : limits.patience)
        // The next one may be here already: it is answered in the next round, after the other connections.
        isPending = !received.isEmpty
    }

    /// A request may stand in the buffer, though poll(2) shows nothing.
    private(set) var isPending = false

    func servePending(at now: SteadyTime) {
        guard isPending else { return }
        isPending = false
        answerNext(at: now)
    }

    private func discard() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = SystemError.retrying { recv(descriptor, &buffer, buffer.count, 0) }
        discarded += max(0, count)
        if count == 0 || count < 0 && errno != EAGAIN || discarded > Self.mostDiscarded { close() }
    }
}
