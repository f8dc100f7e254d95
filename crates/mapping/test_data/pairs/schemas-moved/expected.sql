-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "b";

-- DropTable
DROP TABLE "a"."User";

-- CreateTable
CREATE TABLE "b"."User" (
    "id" INTEGER NOT NULL,
    "plan" "a"."Plan" NOT NULL DEFAULT 'free',
    "n" INTEGER NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "User_n_idx" ON "b"."User"("n");
