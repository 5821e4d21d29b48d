import CLinux
import Glibc

/// Signals as something to wait for, instead of something that interrupts.
///
/// ``init()`` blocks them in the calling thread; threads started afterwards inherit that. So it is
/// made on the main thread before there is any other: a signal that finds one thread with an open
/// mask ends the process, as is its default.
package final class SignalWatch: Sendable {
    package enum Signal: Sendable, CaseIterable {
        /// SIGTERM.
        case terminate
        /// SIGINT.
        case interrupt
        /// SIGHUP.
        case hangup

        package var number: Int32 {
            switch self {
            case .terminate: SIGTERM
            case .interrupt: SIGINT
            case .hangup: SIGHUP
            }
        }
    }

    private let descriptor: Int32

    /// Blocks SIGTERM, SIGINT and SIGHUP, and ignores SIGPIPE and SIGXFSZ: a relay or a log reader that goes
    /// away is an error number, not an end, and so is a file that may grow no more (`LimitFSIZE=`).
    package init() throws(SystemError) {
        Self.ignoreFileSignals()
        var set = sigset_t()
        sigemptyset(&set)
        for signal in Signal.allCases { sigaddset(&set, signal.number) }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(call: "pthread_sigmask", code: code) }
        let flags = Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK)
        descriptor = signalfd(-1, &set, flags)
        guard descriptor >= 0 else { throw SystemError(call: "signalfd", code: errno) }
    }

    deinit { close(descriptor) }

    /// For commands that need no more: SIGPIPE and SIGXFSZ no longer end the process.
    package static func ignoreFileSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// The next signal; nil when the time has passed (a nil timeout never does), or at once when
    /// `event` is signalled.
    ///
    /// The event is not drained.
    package func next(timeout: Duration?, or event: EventFD? = nil) -> Signal? {
        next(timeout: timeout, orReadable: event?.descriptor)
    }

    /// The next signal; nil when the time has passed, or when the descriptor can be read.
    package func next(timeout: Duration?, orReadable other: Int32?) -> Signal? {
        if let signal = take() { return signal }
        _ = Waiting.poll([descriptor] + [other].compactMap(\.self), timeout: timeout)
        return take()
    }

    private func take() -> Signal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = SystemError.retrying { read(descriptor, &info, size) }
        guard count == size else { return nil }
        return Signal.allCases.first { UInt32($0.number) == info.ssi_signo }
    }
}
