package import Foundation

/// What the build has put beside the running tests.
package enum BuiltProducts {
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    /// The binary of that name in the build directory that the running program was built into:
    /// that of the debug tests is the debug one.
    ///
    /// - Throws: ``Missing`` where it has not been built.
    package static func url(_ name: String) throws -> URL {
        let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let starts = [running, CommandLine.arguments.first ?? ""] + bundlePaths
        for start in starts {
            let binary = URL(fileURLWithPath: start).deletingLastPathComponent()
                .appendingPathComponent(name)
            if FileManager.default.isExecutableFile(atPath: binary.path) { return binary }
        }
        throw Missing(description: "\(name) is not beside \(running): swift build")
    }

    /// The test bundle, where a helper of SwiftPM's runs it.
    private static var bundlePaths: [String] {
        let arguments = CommandLine.arguments
        guard let place = arguments.firstIndex(of: "--test-bundle-path"),
            place + 1 < arguments.count
        else { return [] }
        return [arguments[place + 1]]
    }
}
