-- DropTable
DROP TABLE "public"."Human";

-- CreateTable
CREATE TABLE "public"."Person" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Person_name_key" ON "public"."Person"("name" ASC);
