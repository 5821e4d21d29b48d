import Foundation
import TestSupport

extension ChildProcess {
    /// Where the kernel shows its open files.
    var descriptors: String { "/proc/\(processID)/fd" }

    /// Waits until it has no socket open: it has read what came over its connections, and their ends.
    func waitUntilDisconnected() throws -> Bool {
        try eventually {
            try FileManager.default.contentsOfDirectory(atPath: descriptors)
                .allSatisfy { !isSocket("\(descriptors)/\($0)") }
        }
    }

    /// A descriptor that is gone by now is none.
    private func isSocket(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path))?
            .hasPrefix("socket:") ?? false
    }
}
