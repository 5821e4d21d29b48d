/// Programs that are run to their end.
extension ChildProcess {
    package struct Result: Sendable {
        package let exit: Exit
        package let output: String
        package let errors: String
    }

    /// A program that ended otherwise than it should have.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``Failure`` when the time has run out; it has been killed then.
    package static func run(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        directory: String? = nil, input: String = "", timeout: Duration = .seconds(60)
    ) throws -> Result {
        let child = try ChildProcess(
            executable, arguments, environment: environment, directory: directory, input: input)
        guard let exit = child.waitForExit(timeout: timeout) else {
            child.kill()
            throw Failure(description: "\(executable) ran for more than \(timeout)")
        }
        return Result(exit: exit, output: child.output, errors: child.errors)
    }

    /// Runs a program of the system with our own environment and returns what it wrote.
    ///
    /// - Parameter package: the Debian package that brings it.
    /// - Throws: ``Executable/Missing``; ``Failure`` when it ended with anything but 0.
    @discardableResult
    package static func tool(
        _ name: String, _ arguments: [String], package: String, directory: String? = nil,
        input: String = "", timeout: Duration = .seconds(60)
    ) throws -> String {
        let result = try run(
            try Executable.find(name, package: package), arguments,
            environment: inheritedEnvironment, directory: directory, input: input,
            timeout: timeout)
        guard result.exit == .code(0) else {
            throw Failure(
                description: "\(name) \(arguments.first ?? ""): \(result.exit) \(result.errors)")
        }
        return result.output
    }
}
