/// Runs a program in a terminal of its own, as a person would (Python's `pty`).
package enum PseudoTerminal {
    /// - Parameter environment: nothing else is set.
    /// - Returns: what the terminal was sent, from stdout and stderr, with its line ends (CR LF).
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String], columns: Int
    ) throws -> String {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        return try Python.run(
            script, [String(columns), String(variables.count)] + variables + [program] + arguments)
    }

    private static let script = """
        import fcntl, os, pty, struct, sys, termios
        columns, count = int(sys.argv[1]), int(sys.argv[2])
        environment = dict(v.split('=', 1) for v in sys.argv[3:3 + count])
        command = sys.argv[3 + count:]
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
        os.waitpid(process, 0)
        sys.stdout.buffer.write(output)
        """
}
