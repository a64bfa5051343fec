process.stdout.write("airlock\n");
