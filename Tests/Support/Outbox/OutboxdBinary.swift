internal import Foundation

/// The built `outboxd`: that of the debug tests is the debug one.
package enum OutboxdBinary {
    /// - Throws: ``BuiltProducts/Missing``.
    package static func path() throws -> String { try BuiltProducts.url("outboxd").path }

    /// Runs a command to its end, with nothing but these variables in its environment.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            try path(), arguments,
            environment: ["SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 },
            directory: directory)
    }
}
