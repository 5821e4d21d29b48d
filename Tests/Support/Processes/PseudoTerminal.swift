/// Runs a program in a terminal of its own, as a person would (Python's `pty`).
package enum PseudoTerminal {
    /// - Parameter environment: nothing else is set.
    /// - Returns: what the terminal was sent, from stdout and stderr, with its line ends (CR LF).
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String], columns: Int
    ) throws -> String {
        try type("", after: "", program, arguments, environment: environment, columns: columns)
            .output
    }

    /// The same; types something once the terminal shows a text.
    package static func type(
        _ input: String, after text: String, _ program: String, _ arguments: [String],
        environment: [String: String], columns: Int
    ) throws -> (output: String, code: Int32) {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let all = try Python.run(
            script,
            [String(columns), input, text, String(variables.count)] + variables + [program]
                + arguments)
        let end = all.lastIndex(of: "\n") ?? all.startIndex
        return (String(all[..<end]), Int32(all[end...].dropFirst()) ?? -1)
    }

    private static let script = """
        import fcntl, os, pty, struct, sys, termios
        columns, typed, text, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
        environment = dict(v.split('=', 1) for v in sys.argv[5:5 + count])
        command = sys.argv[5 + count:]
        process, terminal = pty.fork()
        if process == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
            os.execve(command[0], command, environment)
        output = b''
        while True:
            try: part = os.read(terminal, 65536)
            except OSError: break
            if not part: break
            output += part
            if typed and text.encode() in output:
                os.write(terminal, typed.encode())
                typed = ''
        status = os.waitpid(process, 0)[1]
        sys.stdout.buffer.write(output + b'\\n%d' % os.waitstatus_to_exitcode(status))
        """
}
