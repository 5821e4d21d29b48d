import Foundation

/// A directory of its own under `$TMPDIR`, removed with everything in it when nobody holds this
/// object any longer, or by ``remove()``.
package final class TemporaryDirectory: Sendable {
    /// Absolute, without a trailing slash.
    package let path: String

    /// - Parameter mode: the permissions; 0o755 where servers of other users work in it.
    package init(mode: UInt32 = 0o700) throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
        let parent = URL(fileURLWithPath: base ?? "/tmp").standardizedFileURL.path
        var template = Array("\(parent)/outboxd-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemCallError("mkdtemp in \(parent)") }
        let bytes = template.dropLast().map { UInt8(bitPattern: $0) }
        path = String(decoding: bytes, as: UTF8.self)
        try check(chmod(path, mode), "chmod \(path)")
    }

    deinit { remove() }

    /// The path of a file in it, which need not be there.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in it and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws -> String {
        let path = file(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try check(chmod(path, mode), "chmod \(path)")
        return path
    }

    /// Makes a directory in it, and those on the way, and returns its path.
    @discardableResult
    package func makeDirectory(_ name: String) throws -> String {
        let path = file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Removes it with everything in it; what is gone already is no error.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
