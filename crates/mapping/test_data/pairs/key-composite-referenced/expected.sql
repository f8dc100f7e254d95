-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Org" (
    "country" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "name" VARCHAR(80) NOT NULL,

    CONSTRAINT "org_key" PRIMARY KEY ("country","number")
);

-- CreateTable
CREATE TABLE "staff" (
    "id" INTEGER NOT NULL,
    "org_country" TEXT NOT NULL,
    "org_number" INTEGER NOT NULL,

    CONSTRAINT "staff_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Org_name_country_key" ON "Org"("name" DESC, "country");

-- CreateIndex
CREATE INDEX "staff_org_number_org_country_idx" ON "staff"("org_number", "org_country");

-- AddForeignKey
ALTER TABLE "staff" ADD CONSTRAINT "staff_works_for" FOREIGN KEY ("org_country", "org_number") REFERENCES "Org"("country", "number") ON DELETE CASCADE ON UPDATE NO ACTION;
