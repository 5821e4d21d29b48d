package import Delivery
import Glibc

/// How often the service was started lately, kept where systemd keeps it between restarts
/// (`RuntimeDirectory=` with `RuntimeDirectoryPreserve=restart`).
///
/// Pauses that grow are systemd's own from version 254 on (`RestartSteps=`), and older ones complain
/// about the word.
package struct RestartHistory {
    private let path: String

    /// Who has lived for longer begins anew.
    static let goodLife: Duration = .seconds(600)
    static let longestPause: Duration = .seconds(300)

    /// nil where systemd keeps nothing for us.
    package init?(environment: [String: String]) {
        guard let directory = environment["RUNTIME_DIRECTORY"], directory.hasPrefix("/"),
            !directory.contains(":")
        else { return nil }
        path = "\(directory)/starts"
    }

    /// Notes a start.
    /// - Returns: how many came just before it, each soon after the other, and how long to wait now.
    package func noteStart(at now: SteadyTime) -> (ends: Int, pause: Duration) {
        let before = read()
        let ends = before.map { Self.ends(after: $0.ends, startedAt: $0.start, now: now) } ?? 0
        write("\(ends) \(now.nanoseconds)\n")
        return (ends, Self.pause(after: ends))
    }

    /// After an end that somebody asked for.
    package func forget() { unlink(path) }

    static func ends(after ends: Int, startedAt start: SteadyTime, now: SteadyTime) -> Int {
        let life = now - start
        // A start in the future is of another boot.
        guard life >= .zero, life < goodLife + pause(after: ends) else { return 0 }
        return min(ends + 1, 1_000)
    }

    /// Beside `RestartSec=`: none for the first two, then 5 s, doubling to 5 min.
    static func pause(after ends: Int) -> Duration {
        guard ends > 1 else { return .zero }
        return min(.seconds(5) * (1 << min(ends - 2, 10)), longestPause)
    }

    private func read() -> (ends: Int, start: SteadyTime)? {
        guard let bytes = try? BoundedFile.read(path, limit: 64) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let ends = Int(words[0]), let start = Int64(words[1]), ends >= 0
        else { return nil }
        return (min(ends, 1_000), SteadyTime(nanoseconds: start))
    }

    /// What can't be written costs a pause, and no more.
    private func write(_ text: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        _ = SystemError.retrying { Glibc.write(descriptor, bytes, bytes.count) }
    }
}
