extension Options {
    static let help = """
        usage: .build/release/outboxd-bench [BENCHMARK...] [OPTION...]

        Beside it lie outboxd and, for instructions, libSlowedClock.so: the README says how they are built.

          backlog        mails a second, beside Postfix's smtp-source
          latency        from the commit to the relay's 250; alone, and beside a backlog
          growth         a table with a million finished rows, beside an empty one
          memory         at most, while a backlog is drained, and afterwards
          idle           what waiting costs, in five states
          relay          a relay that answers after 20 and 200 ms, beside smtp-source
          disk           a disk that takes 10 ms for each sync
          api            how long the API server's commits take beside a drain
          instructions   the CPU's instructions for a mail, counted by valgrind
          all            all of these, which is what happens without a word

          --rows N             mails of a backlog (20000)
          --connections LIST   connections to the relay, for backlog: 1,4,16,64 (4)
          --rounds R           rounds, in turns with what is compared (5)
          --samples S          mails whose delay is measured, of each kind (300)
          --seconds T          how long an idle daemon is watched (20)
          --finished N         finished rows, for growth (1000000)
          --waiting M          waiting rows beside them (a tenth)
          --soak               memory, over 500,000 mails
          --quiet              outboxd logs no line for each mail
          --update             instructions: keeps the numbers, for later comparison
          --check              exit code 1 where a target is missed
          --json               the result as JSON
        """
}
