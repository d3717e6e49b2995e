package dev.kstage.sink.file;

import dev.kstage.format.DeadLetterLine;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.AtomicFile;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.sink.disk.DiskFull;
import dev.kstage.sink.disk.LineBuffer;
import dev.kstage.sink.disk.SameDirectory;
import dev.kstage.sink.disk.SymbolicLinks;
import dev.kstage.sink.disk.SystemFile;
import dev.kstage.stage.Failpoint;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Sink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines, with its dead-letter records in {@code out.dead-letter.jsonl} and the position in {@code
 * out.jsonl.position}. A commit appends, syncs, and then replaces the position file. When the sink is opened, it
 * truncates the file to the committed length. A lock on the file keeps a second writer out while this sink is open.
 */
public final class FileSink implements Sink {
    /** The steps of a commit at which a test can halt the process, in order. */
    public static final List<String> FAILPOINTS = List.of("file.written", "file.synced", "file.committed");

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final long COMMIT_BYTES = 16 << 20;
    private static final int WRITE_AT = 1 << 16;

    private final Path file;
    private final DeadLetterFile deadLetters;
    private final Path positionFile;
    private final SameDirectory directory;
    private final FileChannel channel;
    private final LineBuffer buffer = new LineBuffer();
    private @Nullable FileChannel deadLetterChannel;
    private FilePosition position;
    private long length;
    private long deadLetterLength;

    /** Opens the file for this process, with the default dead-letter file. */
    public FileSink(Path file) {
        this(file, null);
    }

    /**
     * Opens the file for this process, and creates it if it is missing.
     *
     * @param file shown in messages as given
     * @param deadLetters the dead-letter file, or null for the stored one; the default is {@link
     *     DeadLetterFile#beside}
     * @throws Failure if the file can't be written, was not written by kstage, or has another writer
     */
    public FileSink(Path file, @Nullable Path deadLetters) {
        this.file = file.toAbsolutePath();
        this.positionFile = FilePosition.of(this.file);
        refuseNonFile();
        try {
            refuseSystemFile(this.file);
            refuseLink();
            var unused = deadLetterFileOf(FilePosition.read(positionFile), deadLetters);
            directory = SameDirectory.at(Objects.requireNonNull(this.file.getParent(), "rejected above"));
            // Opening a file for reading too never blocks, even if it was replaced by a pipe meanwhile.
            channel = FileChannel.open(
                    this.file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw failure("cannot open " + file, e);
        }
        try {
            lock();
            AtomicFile.removeLeftovers(positionFile);
            // Read again: the previous writer may have changed it until it released the lock.
            FilePosition stored = FilePosition.read(positionFile);
            this.deadLetters = deadLetterFileOf(stored, deadLetters);
            position = stored == null ? atCreation() : stored;
        } catch (IOException e) {
            close();
            throw failure("cannot open " + file, e);
        } catch (Failure e) {
            close();
            throw e;
        }
    }

    /** The dead-letter file of the sink. Rejects files that can't be used. */
    private DeadLetterFile deadLetterFileOf(@Nullable FilePosition stored, @Nullable Path wanted) throws IOException {
        DeadLetterFile letters = new DeadLetterFile(file, deadLetterFile(stored, wanted), stored);
        refuseSystemFile(letters.path());
        letters.refuseOthers();
        refuseForeign(stored, letters.path());
        return letters;
    }

    private Path deadLetterFile(@Nullable FilePosition stored, @Nullable Path wanted) {
        Path beside = DeadLetterFile.beside(file);
        if (stored == null) {
            return wanted == null ? beside : wanted.toAbsolutePath();
        }
        Path own = stored.deadLetterFile() == null ? beside : file.resolveSibling(stored.deadLetterFile());
        if (stored.deadLetterFile() != null && wanted == null) {
            throw refused(
                    file + " has its dead-letter records in " + own,
                    "anyone who can write to " + positionFile + " could have changed that name, so kstage does not"
                            + " use it unconfirmed",
                    "confirm the file: --dead-letter " + own);
        }
        if (wanted != null && !wanted.toAbsolutePath().normalize().equals(own.normalize())) {
            throw refused(
                    file + " has its dead-letter records in " + own,
                    "results and dead-letter records share their commits, so the records can't move to " + wanted,
                    (own.equals(beside) ? "leave out --dead-letter" : "use --dead-letter " + own)
                            + ", or store in a new file");
        }
        return own;
    }

    private void refuseNonFile() {
        if (Files.isDirectory(file)) {
            throw refused(
                    file + " is a directory",
                    "the destination is one file of JSON lines",
                    "name a file in that directory: --to " + file.resolve("out.jsonl"));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw refused(
                    file + " is not a regular file",
                    "kstage stores a position only beside a regular file",
                    "write to standard output, --to -, and redirect it");
        }
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw refused("cannot write " + file, "there is no directory " + directory, "create the directory first");
        }
    }

    private void refuseLink() throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw refused(
                    file + " is a link to " + SymbolicLinks.end(file),
                    "the target of a link can change, and the position is stored beside the file",
                    "name the file itself: --to " + SymbolicLinks.end(file));
        }
    }

    private static void refuseSystemFile(Path path) throws IOException {
        if (SystemFile.is(path)) {
            throw refused(
                    path + " is not a regular file",
                    "the operating system generates it, and kstage stores a position only beside a regular file",
                    "name a file; or write to standard output, --to -, and redirect it");
        }
    }

    private void refuseForeign(@Nullable FilePosition stored, Path deadLetterFile) throws IOException {
        if (stored == null) {
            DeadLetterFile.refuseResultsIn(file);
        }
        if (stored == null && (sizeOf(file) > 0 || sizeOf(deadLetterFile) > 0)) {
            Path foreign = sizeOf(file) > 0 ? file : deadLetterFile;
            throw refused(
                    foreign + " already exists",
                    "it has no " + positionFile.getFileName()
                            + " beside it, so kstage did not write it or can't continue it",
                    "choose another file, or move this file away");
        }
        if (stored != null && sizeOf(file) < stored.length()) {
            throw refused(
                    file + " is shorter than its committed length",
                    "it has " + Text.count(sizeOf(file)) + " of " + Text.count(stored.length()) + " bytes",
                    "restore it; or, to read the topic from its start, delete " + positionFile + " and the file");
        }
        if (stored != null && sizeOf(deadLetterFile) < stored.deadLetterLength()) {
            throw refused(
                    deadLetterFile + " is shorter than its committed length",
                    "it has " + Text.count(sizeOf(deadLetterFile)) + " of " + Text.count(stored.deadLetterLength())
                            + " bytes",
                    "restore it; or, to read the topic from its start, delete " + positionFile + " and both files");
        }
    }

    private void lock() throws IOException {
        if (!isLocked(channel)) {
            FilePosition stored = FilePosition.read(positionFile);
            throw hasAnotherWriter(
                    file,
                    stored == null
                            ? "another process has locked it"
                            : "process " + stored.writer() + " is" + " writing to it");
        }
    }

    private void take(FileChannel letters) throws IOException {
        if (!isLocked(letters)) {
            throw hasAnotherWriter(deadLetters.path(), "another process has locked it");
        }
        try {
            deadLetters.claim(position.sinkId());
        } catch (IOException e) {
            throw failure("cannot write " + DeadLetterFile.ownerOf(deadLetters.path()), e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static Failure hasAnotherWriter(Path file, String why) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                file + " has another writer",
                why,
                "wait until that process ends, stop it, or choose another file");
    }

    private FilePosition atCreation() {
        String sinkId = UUID.randomUUID().toString();
        String stem =
                String.valueOf(file.getFileName()).replaceAll("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "_");
        // Unique to this file, so that its lag is separate, but still recognisable by its name.
        return FilePosition.atCreation(
                sinkId,
                "kstage-" + stem + "-" + sinkId.substring(0, 6).toLowerCase(Locale.ROOT),
                deadLetters.isNamed() ? deadLetters.path().toString() : null);
    }

    /** The consumer group that shows the lag of this file, unless the user names one. */
    public String group() {
        return position.group();
    }

    /** The id of this sink, unique among all sinks. */
    public String sinkId() {
        return position.sinkId();
    }

    @Override
    public int open(Origin origin, int partitions) {
        Origin stored = position.topic();
        if (stored != null && !stored.equals(origin)) {
            throw otherTopic(stored, origin);
        }
        try {
            if (deadLetters.isNamed()) {
                deadLetterChannel();
            }
            cutOffWhatIsNotCommitted();
            replacePosition(position.ownedBy(origin));
        } catch (IOException e) {
            throw failure("cannot open " + file, e);
        }
        return position.positions().isEmpty()
                ? partitions
                : position.positions().lastKey() + 1;
    }

    private void cutOffWhatIsNotCommitted() throws IOException {
        buffer.clear();
        channel.truncate(position.length()).position(position.length());
        length = position.length();
        if (Files.exists(deadLetters.path())) {
            deadLetterChannel().truncate(position.deadLetterLength()).position(position.deadLetterLength());
        }
        deadLetterLength = position.deadLetterLength();
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        return new Positions(position.positions()).within(partitions);
    }

    @Override
    public void initializeOffsets(Positions starts) {
        commit(starts);
    }

    private Failure otherTopic(Origin stored, Origin origin) {
        return stored.name().equals(origin.name())
                ? refused(
                        "topic " + origin.name() + " is not the topic that " + file.getFileName() + " was filled from",
                        "the topic was deleted and recreated: its id was " + stored.id() + " and is " + origin.id(),
                        "store the new topic in another file")
                : refused(
                        file + " holds records of topic " + stored.name(),
                        "a file stores one topic, and this run reads " + origin.name(),
                        "store in another file");
    }

    @Override
    public void write(Results results) {
        try {
            for (Record record : results.records()) {
                buffer.addLine(Objects.requireNonNull(record.value(), "every stored value has been checked"));
                if (buffer.length() >= WRITE_AT) {
                    length += buffer.writeTo(channel);
                }
            }
            length += buffer.writeTo(channel);
            writeDeadLetters(results.deadLetters());
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private void writeDeadLetters(List<DeadLetter> letters) throws IOException {
        if (letters.isEmpty()) {
            return;
        }
        String topic = Objects.requireNonNull(position.topic(), "set by open").name();
        FileChannel letterChannel = deadLetterChannel();
        for (DeadLetter deadLetter : letters) {
            buffer.addLine(DeadLetterLine.of(topic, deadLetter));
            if (buffer.length() >= WRITE_AT) {
                deadLetterLength += buffer.writeTo(letterChannel);
            }
        }
        deadLetterLength += buffer.writeTo(letterChannel);
    }

    @Override
    public void commit(Positions to) {
        try {
            Failpoint.reach("file.written");
            if (length > position.length()) {
                channel.force(false);
            }
            if (deadLetterChannel != null && deadLetterLength > position.deadLetterLength()) {
                deadLetterChannel.force(false);
            }
            Failpoint.reach("file.synced");
            replacePosition(position.movedTo(length, deadLetterLength, new Positions(position.positions()).and(to)));
            Failpoint.reach("file.committed");
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private RuntimeException notStored(IOException e) {
        Failure failure = failure("cannot write " + file, e);
        return DiskFull.is(e) ? new RetriableFailure(failure, DiskFull.PATIENCE) : failure;
    }

    /** Reopening would do the same; but readers should not see the uncommitted lines until then. */
    @Override
    public void abort() {
        try {
            cutOffWhatIsNotCommitted();
        } catch (IOException e) {
            throw failure("cannot write " + file, e);
        }
    }

    private void replacePosition(FilePosition next) throws IOException {
        directory.require();
        AtomicFile.replace(positionFile, next.bytes());
        position = next;
    }

    private FileChannel deadLetterChannel() throws IOException {
        FileChannel open = deadLetterChannel;
        if (open == null) {
            directory.require();
            // Opening a file for reading too never blocks, even if it was replaced by a pipe meanwhile.
            open = FileChannel.open(
                    deadLetters.path(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            deadLetterChannel = open;
            take(open);
        }
        return open;
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return length - position.length() >= COMMIT_BYTES || sinceCommit.compareTo(COMMIT_INTERVAL) >= 0;
    }

    @Override
    public void close() {
        try {
            if (deadLetterChannel != null) {
                deadLetterChannel.close();
            }
            channel.close();
        } catch (IOException e) {
            throw failure("cannot close " + file, e);
        }
    }

    private static long sizeOf(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? Files.size(path) : 0;
    }

    private static Failure refused(String what, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, what, why, remedy);
    }

    private static Failure failure(String what, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new Failure(
                    Failure.Kind.FAILED,
                    what,
                    "permission denied",
                    "choose a file in a directory that you may write to",
                    e);
        }
        if (String.valueOf(e.getMessage()).contains("Read-only file system")) {
            return new Failure(
                    Failure.Kind.FAILED,
                    what,
                    "its file system is read-only",
                    "choose a file in a directory that you may write to",
                    e);
        }
        if (e instanceof NoSuchFileException) {
            return new Failure(
                    Failure.Kind.FAILED,
                    what,
                    "its directory was deleted",
                    "create the directory," + " then run the same command again",
                    e);
        }
        return new Failure(
                Failure.Kind.FAILED,
                what,
                String.valueOf(e.getMessage()),
                "fix this, then run the same command again; it continues after the last commit, and nothing is lost",
                e);
    }
}
