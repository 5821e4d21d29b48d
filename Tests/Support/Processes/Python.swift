/// Python, whose libraries serve as oracles.
package enum Python {
    /// Runs a script with `python3` and returns what it printed.
    ///
    /// - Parameter input: its standard input.
    /// - Throws: ``Executable/Missing``; ``ChildProcess/Failure`` with its traceback where it failed.
    package static func run(
        _ script: String, _ arguments: [String] = [], input: String = "",
        timeout: Duration = .seconds(60)
    ) throws -> String {
        try ChildProcess.tool(
            "python3", ["-c", script] + arguments, package: "python3", input: input,
            timeout: timeout)
    }
}
