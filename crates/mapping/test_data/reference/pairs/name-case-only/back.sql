-- DropTable
DROP TABLE "public"."Person";

-- CreateTable
CREATE TABLE "public"."person" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);
